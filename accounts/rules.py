from accounts.models import Appointment, Institution, User

Role = Appointment.Role


def can_run(user: User, institution: Institution) -> bool:
    """Who sees to the house's hours, departments, help page and people."""
    held = user.appointments.current().filter(institution=institution)
    return held.filter(role__in=(Role.COORDINATOR, Role.ADMINISTRATOR)).exists()


def roles_to_give(user: User, institution: Institution) -> list[Role]:
    """What ``user`` may appoint somebody to: an administrator anything, a coordinator all but that."""
    if user.holds(Role.ADMINISTRATOR, institution):
        return list(Role)
    if user.holds(Role.COORDINATOR, institution):
        return [role for role in Role if role != Role.ADMINISTRATOR]
    return []


def can_appoint(user: User, institution: Institution, role: str) -> bool:
    return role in roles_to_give(user, institution)
