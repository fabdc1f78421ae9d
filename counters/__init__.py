"""The operator's console, the choice of a counter, and the supervisor's board.

`acts` says what can be done (asking the core's table), `views` and `floor` what is shown,
`topic` what is told live, `routes` what the pages and their forms do.
"""
