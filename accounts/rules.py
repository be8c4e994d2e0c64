from accounts.models import Appointment, Institution, User

Role = Appointment.Role


def can_run(user: User, institution: Institution) -> bool:
    """Who sees to the house's hours, departments, help page and people."""
    return user.appointments.in_charge().filter(institution=institution).exists()


def roles_to_give(user: User, institution: Institution) -> list[Role]:
    """What ``user`` may appoint somebody to: an administrator anything, a coordinator neither that nor who is
    independent of coordinators or watches over them."""
    held = set(user.appointments.in_charge().filter(institution=institution).values_list("role", flat=True))
    if Role.ADMINISTRATOR in held:
        return list(Role)
    kept = (Role.ADMINISTRATOR, Role.INDEPENDENT, Role.PRIVACY)
    return [role for role in Role if held and role not in kept]


def can_appoint(user: User, institution: Institution, role: str) -> bool:
    return role in roles_to_give(user, institution)
