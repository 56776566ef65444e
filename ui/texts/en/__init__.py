"""Every text of the panel in English, a module a page."""

from ui.texts.en.bronze import *
from ui.texts.en.common import *
from ui.texts.en.diagnostics import *
from ui.texts.en.generate import *
from ui.texts.en.overview import *
from ui.texts.en.rebuild import *
from ui.texts.en.runs import *
from ui.texts.en.scenarios import *
from ui.texts.en.schedule import *
from ui.texts.en.signin import *
from ui.texts.en.storage import *
from ui.texts.en.usage import *
