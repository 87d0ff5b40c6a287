"""Parts that several screens share; a widget knows nothing of its neighbours."""
