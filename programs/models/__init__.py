"""Where: programs, their groups and guides, who evaluates whom, rooms, intakes and ground rules."""

from programs.models import history
from programs.models.group import GroundRules, GroundRulesConfirmation, Group, Membership
from programs.models.guide import FacilitatorProfile, Guide, IndependenceDeclaration, TrainingRecord
from programs.models.independence import DepartmentRule, EvaluativeRelation
from programs.models.intake import Intake, IntakeSlot, WaitingPlace
from programs.models.joining import Interest, JoinRequest
from programs.models.own_texts import GoalSettled, LearningGoal, Preparation
from programs.models.people_import import PeopleImport
from programs.models.place import Occupation, Room
from programs.models.program import Program, ProgramCoordinator, ProgramText, StageChange
from programs.models.undo import UndoableStep

__all__ = [
    "DepartmentRule",
    "EvaluativeRelation",
    "FacilitatorProfile",
    "GoalSettled",
    "GroundRules",
    "GroundRulesConfirmation",
    "Group",
    "Guide",
    "IndependenceDeclaration",
    "Intake",
    "IntakeSlot",
    "Interest",
    "JoinRequest",
    "LearningGoal",
    "Membership",
    "Occupation",
    "PeopleImport",
    "Preparation",
    "Program",
    "ProgramCoordinator",
    "ProgramText",
    "Room",
    "StageChange",
    "TrainingRecord",
    "UndoableStep",
    "WaitingPlace",
    "history",
]
