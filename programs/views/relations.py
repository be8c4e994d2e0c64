"""Who evaluates whom: department rules, single relations, and each guide's own word."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Exists, FilteredRelation, OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts import periods
from accounts.access import Request, open_to_links, use_institution
from accounts.models import Placement, User
from accounts.models.person import current_q
from intervision import clock, notices
from programs import independence
from programs.actions import guides as actions
from programs.forms.guides import DeclareForm, RelationForm, RuleForm
from programs.models import DepartmentRule, EvaluativeRelation, Guide, Program
from programs.views import links
from programs.views.find import program_to_run

PAGE = 50


@require_http_methods(["GET"])
def relation_list(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    return _page(request, program, RuleForm(program=program), RelationForm(program=program))


@require_POST
def add_rule(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    form = RuleForm(request.POST, program=program)
    if not form.is_valid():
        return _page(request, program, form, RelationForm(program=program))
    data = form.cleaned_data
    evaluator = actions.person(program.institution, name=data["name"], email=data["email"])
    actions.keep_rule(data["department"], evaluator, from_on=data["from_on"])
    return _said(
        request, program, _("%(name)s assesses the residents of this department.") % {"name": evaluator}
    )


@require_POST
def add_relation(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    form = RelationForm(request.POST, program=program)
    if not form.is_valid():
        return _page(request, program, RuleForm(program=program), form)
    data = dict(form.cleaned_data)
    evaluator = actions.person(program.institution, name=data.pop("name"), email=data.pop("email"))
    actions.relate(program.institution, evaluator=evaluator, **data)
    return _said(request, program, _("Noted."))


@require_POST
def end_rule(request: Request, pk: UUID, rule_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    rule = get_object_or_404(DepartmentRule, pk=rule_pk, department__institution=program.institution)
    _end(rule)
    return _said(request, program, _("This ends today."))


@require_POST
def end_relation(request: Request, pk: UUID, relation_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    relation = get_object_or_404(_relations(program), pk=relation_pk)
    _end(relation)
    return _said(request, program, _("This ends today."))


@require_POST
def ask_guides(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    asked = actions.ask_guides(program, at=clock.now())
    text = ngettext("%(count)s guide is asked by mail.", "%(count)s guides are asked by mail.", asked)
    return _said(request, program, text % {"count": asked})


def _end(row: DepartmentRule | EvaluativeRelation) -> None:
    row.until_on = max(clock.today(), row.from_on)
    row.save(update_fields=["until_on"])


def _said(request: Request, program: Program, text: str) -> HttpResponse:
    suspended = independence.count_suspended(program, clock.today())
    if suspended:
        text += " " + ngettext(
            "%(count)s person is suspended because of what is noted here: resolve, replace or pause.",
            "%(count)s people are suspended because of what is noted here: resolve, replace or pause.",
            suspended,
        ) % {"count": suspended}
    notices.done(request, text)
    return redirect("programs:relations", program.pk)


def _relations(program: Program) -> Any:
    people = program.memberships.live().values("user")
    rows = EvaluativeRelation.objects.filter(institution=program.institution, resident__in=people)
    shown = rows.annotate(resident_name=Subquery(program.memberships.shown_names("resident")))
    return shown.select_related("evaluator", "resident").order_by("resident_name", "evaluator__name")


def _departments(program: Program) -> list[dict[str, Any]]:
    """The institution's departments, each with its assessing staff and whether the program's people are ``here``."""
    today = clock.today()
    people = program.memberships.live().values("user")
    placed = Placement.objects.filter(current_q(today), user__in=people)
    kept = Q(rules__until_on__isnull=True) | Q(rules__until_on__gte=today)
    rows = program.institution.departments.annotate(
        kept=FilteredRelation("rules", condition=kept),
        here=Exists(placed.filter(department=OuterRef("pk"))),
    ).values("pk", "name", "here", "kept__pk", "kept__until_on", "kept__evaluator__name")
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        department = found.setdefault(row["pk"], row | {"rules": []})
        if row["kept__pk"]:
            rule = {
                "pk": row["kept__pk"],
                "until_on": row["kept__until_on"],
                "name": row["kept__evaluator__name"],
            }
            department["rules"].append(rule)
    return list(found.values())


def _page(request: Request, program: Program, rule: RuleForm, relation: RelationForm) -> HttpResponse:
    today = clock.today()
    departments = _departments(program)
    rule.offer([(str(row["pk"]), row["name"]) for row in departments])
    relations = _relations(program).filter(Q(until_on__isnull=True) | Q(until_on__gte=today))
    context = {
        "program": program,
        "institution": program.institution,
        "step": "guides",
        "departments": [row for row in departments if row["here"] or row["rules"]],
        "page": Paginator(relations, PAGE).get_page(request.GET.get("page")),
        "suspended": independence.count_suspended(program, today),
        "rule_form": rule,
        "relation_form": relation,
    }
    status = 422 if rule.errors or relation.errors else 200
    return render(request, "programs/relations.html", context, status=status)


@open_to_links("guide")
@require_http_methods(["GET", "POST"])
def declare(request: Request, pk: UUID) -> HttpResponse:
    """A guide says whom of their group they evaluate. ``pk`` is the guide's assignment."""
    guide = get_object_or_404(
        Guide.objects.active().select_related("group__program__institution"), pk=pk, user=request.user
    )
    links.stay_within(request, guide.group_id, guide.pk)
    use_institution(request, guide.group.program.institution)
    members = User.objects.filter(pk__in=guide.group.memberships.live().values("user"))
    members = members.annotate(shown=Subquery(guide.group.memberships.shown_names("pk"))).order_by("shown")
    form = DeclareForm(request.POST or None, members=members)
    if request.method == "POST" and form.is_valid():
        evaluates = list(form.cleaned_data["evaluates"])
        actions.declare(guide, evaluates=evaluates, members=list(members), on=clock.today())
        return redirect("programs:declared", guide.pk)
    context = {
        "guide": guide,
        "form": form,
        "members": members,
        "institution": guide.group.program.institution,
        "kept": periods.table(guide.group.program.institution)["part"].until,
    }
    return render(request, "programs/declare.html", context, status=422 if form.errors else 200)


@open_to_links("guide")
@require_http_methods(["GET"])
def declared(request: Request, pk: UUID) -> HttpResponse:
    guide = get_object_or_404(
        Guide.objects.select_related("group__program__institution"), pk=pk, user=request.user
    )
    links.stay_within(request, guide.group_id, guide.pk)
    use_institution(request, guide.group.program.institution)
    is_suspended = guide.suspended_from is not None and guide.suspended_from <= clock.today()
    context = {"guide": guide, "is_suspended": is_suspended, "institution": guide.group.program.institution}
    return render(request, "programs/declared.html", context)
