layout-language = Language
