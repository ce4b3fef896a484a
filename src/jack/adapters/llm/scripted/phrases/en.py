"""English."""

from typing import Final

from jack.adapters.llm.scripted.intents import Wish
from jack.adapters.llm.scripted.phrases.book import Phrases

ENGLISH: Final = Phrases(
    morning="Good morning",
    afternoon="Good afternoon",
    evening="Good evening",
    named="{words}, {name}.",
    gladly="Of course",
    sorry="I am sorry about this",
    intro="I am Jack, the butler of {hotel}.",
    how_help="How may I help you?",
    in_house="I hope you are enjoying your stay in {rooms}, until {date}.",
    welcome_before="We look forward to welcoming you on {date}.",
    thanks="You are most welcome",
    goodbye="Goodbye",
    still_here="I am here whenever you need me.",
    who_is_jack="I am Jack, the digital butler of {hotel}: a computer, with a team of people behind me. "
    "If you would rather talk to one of them, just say so.",
    one_room="room {number}",
    many_rooms="rooms {numbers}",
    for_room=" for room {number}",
    for_rooms=" for rooms {numbers}",
    your_room="Your room is {number}.",
    your_rooms="Your rooms are {numbers}.",
    your_type="Your room type is {types}.",
    your_stay="Your stay: {stays}.",
    room_at_check_in="You will be given your room number at check-in.",
    departure="Your departure is on {dates}.",
    you_are="You are {name}.",
    loyalty="Your loyalty tier is {tier}.",
    noted="I have noted for you: {preferences}.",
    nothing_noted="I have no preferences noted for you yet; tell me and I will pass them on to the team.",
    not_known="I do not have that in my notes; the front desk will gladly help you.",
    stale="I am having the details of your stay checked before I state them; the team will confirm them to you here.",
    nobody="I cannot see from this chat who is writing, so I can say nothing about any booking; "
    "the front desk will gladly help you.",
    passed_on="I have asked the team about {wishes}{room}; they will confirm it to you here.",
    passed_on_to_nobody="I have asked the team about {wishes}; they will write to you here.",
    message="I have passed your message on to the team; a colleague will answer you here.",
    need="I have passed this on to the team, so that they can take it into account; they will confirm it here.",
    complaint="I have told the team, and a colleague will come back to you here.",
    human="I have asked a colleague to join us; they will answer you here.",
    urgent="If anybody is in danger, please call the local emergency number and the front desk right now. "
    "I have passed your message on to the team as urgent.",
    unknown_fact="I do not have that in my notes, so I have passed your question on to the team; "
    "a colleague will answer you here.",
    quote="Our hotel information says: “{text}”",
    wishes={
        Wish.MAINTENANCE: "a repair",
        Wish.LATE_CHECKOUT: "a late checkout",
        Wish.EARLY_CHECK_IN: "an early check-in",
        Wish.CHECK_OUT: "your check-out",
        Wish.CHANGE_BOOKING: "the change you would like",
        Wish.TOWELS: "fresh towels",
        Wish.HOUSEKEEPING: "housekeeping",
        Wish.TAXI: "a taxi",
        Wish.WAKE_UP_CALL: "a wake-up call",
        Wish.TABLE: "a table",
        Wish.LUGGAGE: "help with your luggage",
        Wish.INVOICE: "your invoice",
    },
    statuses={
        "tentative": "not yet confirmed",
        "checked_out": "checked out",
        "cancelled": "cancelled",
        "no_show": "marked as a no-show",
    },
    conjunction="and",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    date_form="{weekday}, {day} {month}",
    year=" {year}",
    span="from {arrival} to {departure}",
    today="today",
    tomorrow="tomorrow",
)  # fmt: skip
