layout-language = Sprache
