"""Which adapter speaks to which PMS: one branch for each vendor."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import httpx

from jack.adapters.pms.apaleo.api import ApaleoAccount
from jack.adapters.pms.apaleo.gateway import ApaleoPms
from jack.adapters.pms.cloudbeds.access import ApiKey, Credentials, OAuthClient
from jack.adapters.pms.cloudbeds.gateway import CloudbedsPms
from jack.adapters.pms.mews.api import MewsAccess
from jack.adapters.pms.mews.gateway import MewsPms
from jack.adapters.pms.mock.demo import DemoBook
from jack.adapters.pms.mock.gateway import MockPms
from jack.adapters.pms.opera.api import OperaAccount
from jack.adapters.pms.opera.gateway import OperaPms
from jack.adapters.vendor_api.pace import Paces
from jack.application.ports.clock import Clock
from jack.application.ports.pms import Pms
from jack.application.ports.pms_notices import PmsMemory
from jack.domain.ids import HotelId
from jack.entrypoints.settings import (
    ApaleoPmsSettings,
    CloudbedsPmsSettings,
    ConfigurationError,
    HotelSettings,
    MewsPmsSettings,
    MockPmsSettings,
    OperaPmsSettings,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PmsTools:
    """What every vendor's adapter may use; `memory` is what one hotel's adapter remembers for its system."""

    client: httpx.AsyncClient
    clock: Clock
    paces: Paces
    memory: Callable[[HotelId], PmsMemory]


def make_pms(hotel: HotelSettings, tools: PmsTools) -> Pms:
    """The hotel's PMS. Raises ConfigurationError where `unsupported` was not asked in time."""
    match hotel.pms:
        case MockPmsSettings() as settings:
            return MockPms(demo_book(hotel, settings), tools.clock)
        case ApaleoPmsSettings() as settings:
            return ApaleoPms(
                tools.client,
                tools.clock,
                tools.paces,
                ApaleoAccount(
                    base_url=settings.base_url,
                    identity_url=settings.identity_url,
                    client_id=settings.client_id,
                    client_secret=settings.client_secret.reveal(),
                    property_id=settings.property_id,
                ),
                zone=ZoneInfo(hotel.time_zone),
            )
        case CloudbedsPmsSettings() as settings:
            return CloudbedsPms(
                tools.client,
                tools.clock,
                tools.paces,
                tools.memory(HotelId(hotel.id)),
                base_url=settings.base_url,
                credentials=cloudbeds_credentials(settings),
                property_id=settings.property_id,
                time_zone=hotel.time_zone,
            )
        case MewsPmsSettings() as settings:
            return MewsPms(
                tools.client,
                tools.clock,
                tools.paces,
                MewsAccess(
                    base_url=settings.base_url,
                    client_token=settings.client_token.reveal(),
                    access_token=settings.access_token.reveal(),
                    enterprise_id=settings.enterprise_id,
                    service_ids=settings.service_ids,
                    task_department_id=settings.task_department_id,
                ),
            )
        case OperaPmsSettings() as settings:
            return OperaPms(
                tools.client,
                tools.clock,
                tools.paces,
                tools.memory(HotelId(hotel.id)),
                OperaAccount(
                    base_url=settings.base_url,
                    client_id=settings.client_id,
                    client_secret=settings.client_secret.reveal(),
                    app_key=settings.app_key.reveal(),
                    hotel_id=settings.hotel_id,
                    enterprise_id=settings.enterprise_id,
                    username=settings.username,
                    password=settings.password.reveal() if settings.password else None,
                    scope=settings.scope,
                ),
                zone=ZoneInfo(hotel.time_zone),
                external_system=settings.external_system,
                languages=settings.languages,
                task_code=settings.task_code,
                task_department=settings.task_department,
            )
        case settings:
            raise ConfigurationError([f"the hotel {hotel.id}: Jack has no adapter for {settings.provider}"])


def cloudbeds_credentials(settings: CloudbedsPmsSettings) -> Credentials:
    """The one of two ways to sign in that the settings hold; they were checked to hold one."""
    if settings.api_key is not None:
        return ApiKey(settings.api_key.reveal())
    return OAuthClient(
        client_id=settings.client_id or "",
        client_secret=settings.client_secret.reveal() if settings.client_secret else "",
        refresh_token=settings.refresh_token.reveal() if settings.refresh_token else "",
    )


def demo_book(hotel: HotelSettings, settings: MockPmsSettings) -> DemoBook:
    """The mock's hotel. Each hotel has a cast of its own, and every process sees the same one."""
    return DemoBook(
        seed=f"{settings.seed}|{hotel.id}",
        time_zone=hotel.time_zone,
        region=hotel.phone_region,
        lively=settings.lively,
    )
