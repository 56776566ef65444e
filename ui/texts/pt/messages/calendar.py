"""Que tipo de dia uma data é para as pessoas, e quantos pedidos traz."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "weekday.0": "Segunda-feira",
    "weekday.1": "Terça-feira",
    "weekday.2": "Quarta-feira",
    "weekday.3": "Quinta-feira",
    "weekday.4": "Sexta-feira",
    "weekday.5": "Sábado",
    "weekday.6": "Domingo",
    "season.summer": "verão",
    "season.autumn": "outono",
    "season.winter": "inverno",
    "season.spring": "primavera",
    "day.kind": "{parts}",
    "day.eve": "{weekday} antes de {holiday}",
    "day.after": "{weekday} depois de {holiday}",
    "day.also_eve": "antes de {holiday}",
    "day.also_after": "depois de {holiday}",
    "day.name": "{names:last}",
    "day.in_states": "{name} ({states})",
    "day.campaign": "campanha {name}",
    "day.orders_more": "São esperados cerca de {orders:,} pedidos de "
    "{units:# unidade|# unidades}, {percent:.1f}% mais que os {ordinary:,} do mesmo dia da "
    "semana numa semana comum.",
    "day.orders_fewer": "São esperados cerca de {orders:,} pedidos de "
    "{units:# unidade|# unidades}, {percent:.1f}% menos que os {ordinary:,} do mesmo dia da "
    "semana numa semana comum.",
    "day.orders_same": "São esperados cerca de {orders:,} pedidos de {units:# unidade|# unidades}, "
    "como no mesmo dia da semana numa semana comum.",
    "day.no_weather": "{compared} O clima, que depende da semente, fica de fora.",
}
