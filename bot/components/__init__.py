"""What runs inside Rasa: reading a message's references and deciding what it asks for.

`references`, `crisis` and `decision` are plain Python without Rasa, so that the application can decide alone
when Rasa is down; `pipeline` wraps them as Rasa components. Nothing here imports the application.
"""
