"""A list of two people, checked, and all that storing a list may touch."""

from accounts.models import Availability, Department, Placement, User
from programs.actions import people_check
from programs.models import EvaluativeRelation, Membership
from programs.people.reading import read_pasted

LIST = """name;e-mail;training year;specialty;department;supervisors;half-days
Anna Bakker;anna@example.org;2;Surgery;Surgery;boss@example.org|Carla Smit;mon-am never
Bram Visser;bram@example.org;3;Surgery;Internal;Carla Smit;
"""


def checked(program, text=LIST):
    reading = read_pasted(text, program_format=program.format)
    return people_check.begin(program, reading, by=program.coordinators.get().user)


def everything():
    """Every row that an import may touch, so that a test can say that nothing changed."""
    models = (User, Placement, Department, Availability, EvaluativeRelation, Membership)
    return {m.__name__: sorted(map(str, m.objects.values_list("pk", flat=True))) for m in models}
