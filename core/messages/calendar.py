"""What kind of day a date is for people, and how many orders it brings."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "weekday.0": "Monday",
    "weekday.1": "Tuesday",
    "weekday.2": "Wednesday",
    "weekday.3": "Thursday",
    "weekday.4": "Friday",
    "weekday.5": "Saturday",
    "weekday.6": "Sunday",
    "season.summer": "summer",
    "season.autumn": "autumn",
    "season.winter": "winter",
    "season.spring": "spring",
    "day.kind": "{parts}",
    "day.eve": "{weekday} before {holiday}",
    "day.after": "{weekday} after {holiday}",
    "day.also_eve": "before {holiday}",
    "day.also_after": "after {holiday}",
    "day.name": "{names:first}",
    "day.in_states": "{name} ({states})",
    "day.campaign": "campaign {name}",
    "day.orders_more": "About {orders:,} orders are expected of {units:,# unit|,# units}, "
    "{percent:.1f}% more than the {ordinary:,} of the same weekday in an ordinary week.",
    "day.orders_fewer": "About {orders:,} orders are expected of {units:,# unit|,# units}, "
    "{percent:.1f}% fewer than the {ordinary:,} of the same weekday in an ordinary week.",
    "day.orders_same": "About {orders:,} orders are expected of {units:,# unit|,# units}, "
    "as on the same weekday in an ordinary week.",
    "day.no_weather": "{compared} The weather, which depends on the seed, is left out.",
}
