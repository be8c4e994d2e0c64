"""What the people of the walk type: forty residents, six guides, one house."""

FIRST = "Anna Bram Carlijn Daan Eva Femke Gijs Hanna Ilse Joris Karin Lars Mila Niels Olga Pieter Quinten Roos Sem Tess"
LAST = (
    "Jansen,Bakker,de Wit,Mulder,Visser,Smit,Meijer,Bos,Dekker,Prins,Vos,Kok,Peters,Hoek,van Dam,Kuipers,Schouten,"
    "Post,Willems,Brouwer"
)
HOUSE = "Ziekenhuis Noord"
GUIDES = ["Marijke Verhoeven", "Ruud Hendriks", "Sanne Osei", "Wim Haaksma", "Yara Blom", "Ton Klaver"]


def resident(number: int) -> tuple[str, str]:
    """Name and address of one of the forty."""
    first, last = FIRST.split(), LAST.split(",")
    name = f"{first[number % 20]} {last[(number * 7 + number // 20) % 20]}"
    return name, f"resident{number}@noord.example"


def address(guide: str) -> str:
    return guide.lower().replace(" ", ".") + "@noord.example"


def people_list() -> str:
    """The list a coordinator pastes: five training years, two departments, one supervisor in each."""
    lines = ["name;e-mail;training year;specialty;department;supervisors"]
    for number in range(40):
        name, email = resident(number)
        house = "Surgery" if number % 2 else "Internal medicine"
        chief = "chief.surgery@noord.example" if number % 2 else "chief.internal@noord.example"
        lines.append(f"{name};{email};{number % 5 + 1};{house};{house};{chief}")
    return "\n".join(lines)
