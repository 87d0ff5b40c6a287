"""Parts that screens are made of, most of them of several; a widget knows nothing of its neighbours."""
