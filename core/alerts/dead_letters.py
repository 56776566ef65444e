"""Events of the bucket that Pub/Sub gave up, on Google Cloud."""

from core.alerts.incidents import Found, Incident, Scene, Severity
from core.gcp.dead_letters import SUBSCRIPTION, peek_dead_letters
from core.messages import message


def find_dead_letters(scene: Scene) -> Found:
    """One incident while the subscription of dead letters has events."""
    cloud = scene.platform.settings.cloud
    if cloud is None or (cloud.storage_host and not cloud.pubsub_host):
        return Found()
    names = peek_dead_letters(cloud)
    if not names:
        return Found()
    text = message(
        "alerts.dead_letters", count=len(names), subscription=SUBSCRIPTION, name=names[0] or "-"
    )
    return Found((Incident("letters.dead", Severity.BROKEN, text, "diagnostics", scene.now),))
