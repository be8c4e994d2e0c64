"""Pages that show every component, at addresses of the tests' own."""

import datetime as dt
import time

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from checklist import rings
from checklist.rings import Ring, Segment
from desk import timeline
from desk.context import Place
from desk.timeline import Bar, Dot, Row
from intervision import notices

ALL = """{% extends "base.html" %}{% load i18n ui times %}
{% block title %}Gallery{% endblock %}
{% block crumbs %}
<nav class="crumbs" aria-label="Where"><ol><li><a href="/">Programs</a></li></ol></nav>{% endblock %}
{% block content %}
<h1>Gallery</h1><p class="lead">Everything at once.</p>
{% stage_line stages "running" note="Paused until 3 May" %}{% steps steps %}
<p class="hstack">{% badge "Running" "success" %} {% badge "Overdue" "warning" %} {% badge "No guide" "danger" %}
{% badge "Open" "info" %} {% badge "Not yet known" %}</p>
<div class="actions"><a class="button" href="/">{% icon "calendar" %} Plan</a>
<button class="outline" type="button">Print</button>
<button class="ghost" type="button">Later</button><button type="button" data-variant="danger">Cancel</button></div>
<ul class="worklist"><li><a href="/">Group 4 has no guide</a><p class="muted">{% when now %}</p></li></ul>
{% search "Find a group" %}
<table class="cards" role="table"><caption>Groups</caption>
<thead role="rowgroup"><tr role="row">
{% column "name" "Group" %}<th scope="col" role="columnheader">Status</th></tr></thead>
<tbody role="rowgroup"><tr role="row"><th scope="row" role="rowheader"><a href="/">Group 1</a></th>
<td role="cell" data-label="Status">{% badge "On track" "success" %}</td></tr></tbody></table>
{% pagination page %}{% empty "No sessions yet" "Plan the first one." "/" "Plan it" %}
{% progress "Best so far: 49 of 50 groups" 49 50 %}{% reads "Only your guide reads this." %}
<div class="split">
<div class="card finding">{{ rings }}{% include "components/rings_legend.html" %}</div>
<div class="card">{{ small }}
<div class="scroll" tabindex="0" role="region" aria-label="Timeline">{{ timeline }}</div></div></div>
{% card title="Add a session" id="add" %}
<form method="post" novalidate data-warn>{% csrf_token %}{{ form }}
<div class="actions"><button>Save</button></div></form>{% endcard %}
<details><summary>How this is calculated</summary><p>By hand.</p></details>
<dl class="facts"><dt>When</dt><dd>{% period now later %}</dd></dl>
{% endblock %}"""
LIGHT = """{% extends "base_light.html" %}{% load ui times %}
{% block title %}Your intake{% endblock %}
{% block content %}<h1>A time is reserved for you</h1>
<p>{% period now later %}</p>
<form method="post" novalidate>{% csrf_token %}{{ form.slot.as_field_group }}
<div class="actions"><button>Keep</button></div></form>{% endblock %}"""

SLOTS = [("Tuesday 14 January", [(str(n), f"1{n}:00–1{n}:45\nRoom 3") for n in range(8)])]


class SessionForm(forms.Form):
    title = forms.CharField(help_text="Residents see this.")
    date = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    guide = forms.ChoiceField(choices=[("", "Choose…"), ("1", "M. de Wit")])
    note = forms.CharField(widget=forms.Textarea, required=False)
    slot = forms.ChoiceField(widget=forms.RadioSelect, choices=SLOTS)
    themes = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, required=False, choices=[("a", "Work pressure"), ("b", "Errors")]
    )
    invite = forms.BooleanField(label="Invite everyone", required=False)


received: list[str] = []


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    form = SessionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        received.append(request.POST.get("title", ""))
        time.sleep(0.3)
    if "said" in request.GET:
        notices.done(request, "Anna moved to Group 3.", undo="/gallery/")
    now = dt.datetime.now(dt.UTC)
    html = engines["django"].from_string(ALL)
    context = {
        "form": form,
        "now": now,
        "later": now + dt.timedelta(minutes=45),
        "page": Paginator(range(30), 10).page(2),
        "navigation": (Place("Today", "/"), Place("Programs", "/", current=True)),
        "stages": [("draft", "Draft"), ("running", "Running"), ("completed", "Completed")],
        "steps": [
            {"label": "Frame", "url": "/", "state": "done"},
            {"label": "People", "url": "/", "state": "attention"},
            {"label": "Groups", "url": "/", "state": "now"},
            {"label": "Start", "url": "", "state": "open"},
        ],
        **drawings(now.date()),
    }
    return HttpResponse(html.render(context, request), status=422 if form.errors else 200)


def drawings(today: dt.date) -> dict[str, str]:
    layers = ("Climate", "Preparation", "Optimizing conditions", "Minimal conditions")
    segments = [
        Segment("Safety", 0.35, limits=True, href="#a"),
        Segment("Depth", None, href="#b"),
        Segment("Place", 1, href="#c"),
    ]
    row = Row(
        "Group 1",
        [Bar(today, today + dt.timedelta(200), "sessions")],
        [Dot(today + dt.timedelta(40), "Session 1")],
    )
    return {
        "rings": rings.draw(
            [Ring(label, segments) for label in layers], title="Rings", finding="Held down by safety"
        ),
        "small": rings.preparation_ring(met=8, partly=2, not_met=1, unknown=4),
        "timeline": timeline.draw(
            [row],
            start=today - dt.timedelta(30),
            end=today + dt.timedelta(300),
            today=today,
            title="Time",
            finding="One group",
        ),
    }


@login_not_required
def light(request: HttpRequest) -> HttpResponse:
    form = SessionForm(request.POST if request.method == "POST" else None)
    now = dt.datetime.now(dt.UTC)
    context = {"form": form, "now": now, "later": now + dt.timedelta(minutes=45)}
    return HttpResponse(engines["django"].from_string(LIGHT).render(context, request))


urlpatterns = [path("gallery/", gallery), path("light/", light), path("", include("intervision.urls"))]
