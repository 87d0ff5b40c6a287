"""The program's own colours: calm, with contrast enough for small print. State is never told by colour alone."""

from textual.theme import Theme

DARK, LIGHT, CONTRAST = "intake-dark", "intake-light", "intake-contrast"

THEMES = (
    Theme(
        name=DARK,
        primary="#6cb6c4",
        secondary="#8fa3bf",
        accent="#e0b36a",
        foreground="#dfe5ea",
        background="#14191f",
        surface="#1a2129",
        panel="#222b35",
        success="#86c08b",
        warning="#e0b36a",
        error="#e58a83",
        dark=True,
        variables={"footer-key-foreground": "#6cb6c4", "block-cursor-text-style": "none"},
    ),
    Theme(
        name=LIGHT,
        primary="#1c6a7a",
        secondary="#4a5d7a",
        accent="#8a5a00",
        foreground="#1b2329",
        background="#f6f7f5",
        surface="#ffffff",
        panel="#e6eaec",
        success="#256b33",
        warning="#8a5a00",
        error="#a3261f",
        dark=False,
        variables={"footer-key-foreground": "#1c6a7a", "block-cursor-text-style": "none"},
    ),
    Theme(
        name=CONTRAST,
        primary="#ffff00",
        secondary="#ffffff",
        accent="#00ffff",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#00005f",
        success="#00ff66",
        warning="#ffff00",
        error="#ff8080",
        dark=True,
        variables={
            "footer-key-foreground": "#ffff00",
            "block-cursor-text-style": "none",
            "text-muted": "#ffffff",
            "text-disabled": "#d0d0d0",
        },
    ),
)
