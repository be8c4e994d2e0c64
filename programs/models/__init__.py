"""Where: programs, their groups and guides, who evaluates whom, rooms, intakes and ground rules."""

from programs.models.group import GroundRules, GroundRulesConfirmation, Group, Membership
from programs.models.guide import FacilitatorProfile, Guide, IndependenceDeclaration, TrainingRecord
from programs.models.independence import DepartmentRule, EvaluativeRelation
from programs.models.intake import Intake, IntakeSlot, WaitingPlace
from programs.models.joining import Interest, JoinRequest
from programs.models.people_import import PeopleImport
from programs.models.place import Occupation, Room
from programs.models.program import Program, ProgramCoordinator, ProgramText, StageChange
from programs.models.undo import UndoableStep

__all__ = [
    "DepartmentRule",
    "EvaluativeRelation",
    "FacilitatorProfile",
    "GroundRules",
    "GroundRulesConfirmation",
    "Group",
    "Guide",
    "IndependenceDeclaration",
    "Intake",
    "IntakeSlot",
    "Interest",
    "JoinRequest",
    "Membership",
    "Occupation",
    "PeopleImport",
    "Program",
    "ProgramCoordinator",
    "ProgramText",
    "Room",
    "StageChange",
    "TrainingRecord",
    "UndoableStep",
    "WaitingPlace",
]
