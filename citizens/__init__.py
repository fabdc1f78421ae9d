"""What citizens use: the kiosk, the page behind a ticket's QR code, the services' information.

`routes.routes(house)` are its pages; `topics.LineTopic` and `topics.TicketTopic` its live topics.
"""
