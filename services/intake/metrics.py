"""What operators see of personal data: how they are encrypted, who looks for them too often."""

from prometheus_client import Counter, Gauge

REENCRYPTED = Counter("bancheng_tickets_reencrypted", "Tickets encrypted anew after a rotation of BANCHENG_DATA_KEY.")
KEYS_MISSING = Gauge(
    "bancheng_data_keys_missing", "Keys that tickets are encrypted with and this process lacks: an alarm."
)
PHONE_SEARCHES_REFUSED = Counter(
    "bancheng_phone_searches_refused", "Searches by phone beyond what the center allows one person in an hour."
)
