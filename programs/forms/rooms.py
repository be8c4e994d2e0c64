from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import Room


class RoomForm(forms.ModelForm):  # type: ignore[type-arg]
    video_link = forms.URLField(
        label=_("Video link"),
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text=_("For a group that meets by video, or as a way out when the room is gone."),
    )

    class Meta:
        model = Room
        fields = [
            "name",
            "site",
            "capacity",
            "on_hospital_site",
            "daylight",
            "comfortable_temperature",
            "booked_outside",
            "video_link",
        ]
        labels = {
            "name": _("Name"),
            "site": _("Building or address"),
            "capacity": _("Seats"),
            "on_hospital_site": _("On the hospital's site"),
            "daylight": _("Daylight"),
            "comfortable_temperature": _("A comfortable temperature"),
            "booked_outside": _("Booked in another system"),
        }
        help_texts = {
            "booked_outside": _("We ask for the reference of the booking at every session."),
        }

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        others = self.instance.institution.rooms.exclude(pk=self.instance.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError(_("There is already a room with this name."))
        return name
