"""Online queueing: places that are booked beforehand, and presence codes for numbers from afar.

rules       pure: terms_of(catalogue, section, service), sessions_on(terms, day, hours),
            trouble_with(terms, session, hours, now), window(…)
bookings    the room: Bookings (holds, bookings, their audit), in `bookings.db`
presence    Presence: the rotating code that proves that somebody is in the hall
codes       tokens, short codes, telephone numbers as keyed hashes
ics         a booking as a calendar file (RFC 5545)
refusals    Refused: why not, with code and sentence
"""
