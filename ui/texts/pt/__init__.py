"""Every text of the panel in Portuguese, as it is written in Brazil, a module a page."""

from ui.texts.pt.bronze import *
from ui.texts.pt.common import *
from ui.texts.pt.diagnostics import *
from ui.texts.pt.generate import *
from ui.texts.pt.overview import *
from ui.texts.pt.rebuild import *
from ui.texts.pt.runs import *
from ui.texts.pt.scenarios import *
from ui.texts.pt.schedule import *
from ui.texts.pt.signin import *
from ui.texts.pt.storage import *
from ui.texts.pt.usage import *
