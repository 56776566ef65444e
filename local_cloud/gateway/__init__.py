"""A proxy between Google's clients and the emulators.

It does what the emulators leave out, counts what is asked, and lets requests go wrong by rules.
"""

from local_cloud.gateway.faults import CutError, Fault, Faults
from local_cloud.gateway.journal import Counts, Entry
from local_cloud.gateway.server import Gateway

__all__ = ["Counts", "CutError", "Entry", "Fault", "Faults", "Gateway"]
