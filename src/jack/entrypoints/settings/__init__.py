"""Jack's configuration: read once, checked whole, and without a secret in sight."""

from jack.entrypoints.settings.errors import ConfigurationError
from jack.entrypoints.settings.load import BUILT_IN, load_settings, read_settings
from jack.entrypoints.settings.schema import (
    ApaleoPmsSettings,
    CloudbedsPmsSettings,
    DatabaseSettings,
    HotelSettings,
    MewsPmsSettings,
    MockPmsSettings,
    ModelSettings,
    OperaPmsSettings,
    PmsSettings,
    QueueSettings,
    ServerSettings,
    Settings,
    TwilioChannel,
    WebChatChannel,
    WhatsAppChannel,
)
from jack.entrypoints.settings.secret import Secret

__all__ = [
    "BUILT_IN",
    "ApaleoPmsSettings",
    "CloudbedsPmsSettings",
    "ConfigurationError",
    "DatabaseSettings",
    "HotelSettings",
    "MewsPmsSettings",
    "MockPmsSettings",
    "ModelSettings",
    "OperaPmsSettings",
    "PmsSettings",
    "QueueSettings",
    "Secret",
    "ServerSettings",
    "Settings",
    "TwilioChannel",
    "WebChatChannel",
    "WhatsAppChannel",
    "load_settings",
    "read_settings",
]
