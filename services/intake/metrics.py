"""What operators see of the encryption of personal data."""

from prometheus_client import Counter, Gauge

REENCRYPTED = Counter("bancheng_tickets_reencrypted", "Tickets encrypted anew after a rotation of BANCHENG_DATA_KEY.")
KEYS_MISSING = Gauge(
    "bancheng_data_keys_missing", "Keys that tickets are encrypted with and this process lacks: an alarm."
)
