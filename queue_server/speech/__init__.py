"""What is said in the hall: words for a call (`words`), and the cached audio of them (`voice`).

Nothing is imported here: the espeak worker process starts inside this package and stays small.
"""
