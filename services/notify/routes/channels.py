"""One's own channels; and for those who answer for a center, who was reached and who cannot be."""

from uuid import UUID

from schemas.requests.channels import ChannelsView, ChannelWarnings, SetChannels
from schemas.requests.notices import DeliveryPage, DeliveryQuery, NoticePreview, NoticeTexts, PreviewText
from services.access.admission import route
from services.notify import previews, views
from services.notify.actions import channel_tests, channels
from services.notify.routes import ANSWERABLE, STAFF, HasSettings
from services.plumbing.http.group_commit import Call


@route("GET", "/channels", reply=ChannelsView, roles=STAFF)
def show_channels(service: HasSettings, call: Call) -> ChannelsView:
    """By which channels one is notified, and when."""
    return channels.channels_of(call.tx, service.settings, call.actor.center, call.actor.staff)


@route("PUT", "/channels", body=SetChannels, reply=ChannelsView, roles=STAFF)
def set_channels(service: HasSettings, call: Call) -> ChannelsView:
    """Set all of one's channels anew."""
    channels.set_channels(call, service.settings)
    return channels.channels_of(call.tx, service.settings, call.actor.center, call.actor.staff)


@route("POST", "/channels/<uuid:channel_id>/test", reply=ChannelsView, roles=STAFF, limited=True)
def send_test(service: HasSettings, call: Call, channel_id: UUID) -> ChannelsView:
    """Send a test message by a channel of one's own, a few times an hour at most; ``tested`` says what came of it."""
    channel_tests.ask(call, channel_id)
    return channels.channels_of(call.tx, service.settings, call.actor.center, call.actor.staff)


@route("GET", "/channels/warnings", reply=ChannelWarnings, roles=ANSWERABLE)
def list_channel_warnings(service: HasSettings, call: Call) -> ChannelWarnings:
    """Whom nobody reaches outside of the desk, and which channels fail since when."""
    return views.warnings(call.tx, call.actor.center)


@route("GET", "/texts", reply=NoticeTexts, roles=ANSWERABLE)
def list_notice_texts(service: HasSettings, call: Call) -> NoticeTexts:
    """What notices say in this center, each with an example."""
    return views.notice_texts(call.tx, call.actor.center)


@route("POST", "/texts/preview", body=PreviewText, reply=NoticePreview, roles=ANSWERABLE, keyed=False)
def preview_notice_text(service: HasSettings, call: Call) -> NoticePreview:
    """What each channel would be sent of a sample ticket by a text that is not published; nothing is kept."""
    return previews.preview(call.tx, call.actor.center, call.body, service.settings.desk_url)


@route("GET", "/deliveries", query=DeliveryQuery, reply=DeliveryPage, roles=ANSWERABLE)
def list_deliveries(service: HasSettings, call: Call) -> DeliveryPage:
    """What went to whom by which channel, and what became of it, the latest first."""
    return views.deliveries(call)
