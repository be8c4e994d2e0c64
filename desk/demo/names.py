"""Names of people who do not exist. The same number always gives the same person."""

import unicodedata

FIRST = (
    """
Aaliyah|Adam|Aisha|Alex|Amber|Amira|Anna|Anouk|Ayoub|Bas|Bilal|Bram|Carlijn|Casper|Chiara|Daan|Daphne|Dewi
Eline|Elif|Emma|Esra|Eva|Fadi|Fatima|Femke|Fenna|Finn|Floor|Gijs|Hamza|Hanna|Hugo|Ibrahim|Ilse|Imane|Iris|Isa
Jasper|Jesse|Jip|Joris|Julia|Kaan|Karim|Koen|Laila|Lars|Lieke|Lisa|Lotte|Luuk|Maud|Mees|Meike|Milan|Mila
Mohamed|Naomi|Nienke|Niels|Noor|Noah|Nour|Olivia|Omar|Pim|Puck|Quinten|Rachid|Ravi|Roos|Ruben|Saar|Samir|Sanne
Selin|Sem|Sofie|Soraya|Stijn|Sven|Tess|Thijs|Tim|Tugba|Vera|Vince|Wessel|Willem|Xavi|Yara|Yasmin|Youssef
Zeynep|Zoë
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
LAST = (
    """
Aalbers|Achterberg|Bakkali|van den Berg|Bijlsma|Boersma|ten Brink|Brouwers|Cheung|van Dam|Dekkers|Demir|van Dijk
Dijkstra|Doornbos|Driessen|Eijkman|El Amrani|Evers|Feenstra|Ferwerda|Galjaard|Gerritsen|Gonçalves|de Graaf
Groeneveld|de Haan|Haddad|Hartog|van der Heide|Hendriksen|Hoekstra|Hofman|in 't Veld|Jansma|Janssen|Jongsma|Kaya
Keizer|Kloosterman|Koster|Kramer|Kuipers|Lammers|van Leeuwen|Lems|van der Linden|Lindeman|Maas|Mertens|Moerman|Mulder
Nauta|Nguyen|Nijland|Oosterhuis|Oudshoorn|Özdemir|Peeters|Pinas|Postma|Prins|Raaijmakers|Rijnders|Ritsema|Roemer
Sahin|Schaap|Schipper|Scholten|Sikkema|Slot|Smit|Spaans|Steenbergen|Terpstra|Timmer|Tjon|Veenstra|Velthuis
Verbeek|Verhoeven|Vermeulen|Visscher|de Vries|Wagenaar|van Wijk|Wibisono|Wiersma|Wolters|Yildiz|Zandstra|Zijlstra
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


def name(number: int) -> str:
    """No two numbers below some thousands give the same name."""
    return f"{FIRST[(number * 37) % len(FIRST)]} {LAST[(number * 29 + number // len(LAST)) % len(LAST)]}"


def address(full_name: str) -> str:
    plain = unicodedata.normalize("NFKD", full_name.lower()).encode("ascii", "ignore").decode()
    letters = "".join(mark if mark.isalpha() else "." for mark in plain.replace("'", ""))
    return ".".join(part for part in letters.split(".") if part) + "@demo.example"
