"""What is known: the conditions, formats, questions and words, read once from the files beside this one."""

from catalogue.loading import load as load
from catalogue.texts import Text as Text
from catalogue.texts import text as text
