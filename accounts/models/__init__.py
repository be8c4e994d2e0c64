"""Who: people, the institution they work in, and what they may do there from when to when."""

from accounts.models.history import InstitutionEvent
from accounts.models.institution import ClosedDay, Department, HelpContact, Institution
from accounts.models.invitation import Invitation, PersonalLink, RememberedDevice
from accounts.models.keeping import PurgeReport
from accounts.models.person import Appointment, Placement, User
from accounts.models.time import Availability, BusyTime

__all__ = [
    "Appointment",
    "Availability",
    "BusyTime",
    "ClosedDay",
    "Department",
    "HelpContact",
    "Institution",
    "InstitutionEvent",
    "Invitation",
    "PersonalLink",
    "Placement",
    "PurgeReport",
    "RememberedDevice",
    "User",
]
