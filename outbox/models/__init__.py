"""What is told, whether it arrived, and how far long work is."""

from outbox.models.heartbeat import Heartbeat
from outbox.models.hold import Hold
from outbox.models.job import Job
from outbox.models.message import Claim, Message

__all__ = ["Claim", "Heartbeat", "Hold", "Job", "Message"]
