"""Who may do what in programs. A rule never raises."""

from accounts.models import Appointment, Institution, User
from programs.models import LearningGoal, Preparation, Program


def can_run(user: User, program: Program) -> bool:
    """Whether ``user`` coordinates the program today: assigned, appointed and not suspended."""
    return Program.objects.coordinated_by(user).filter(pk=program.pk).exists()


def can_keep_rooms(user: User, institution: Institution) -> bool:
    return user.holds(Appointment.Role.COORDINATOR, institution)


def can_guide(user: User, program: Program) -> bool:
    """Whether ``user`` leads or co-leads a group of the program today and is not suspended."""
    return Program.objects.guided_by(user).filter(pk=program.pk).exists()


def can_offer_times(user: User, program: Program, guide: User) -> bool:
    """A guide offers their own times; a coordinator may do it for them."""
    if not can_guide(guide, program):
        return False
    return user.pk == guide.pk or can_run(user, program)


def may_read(user: User, text: Preparation | LearningGoal) -> bool:
    """Whoever wrote it, and the guide they named, while that one guides them. The vault asks this before it opens."""
    if user.pk == text.vault.owner_id:
        return user.is_active
    return user.is_active and type(text).objects.shared_with(user).filter(pk=text.pk).exists()
