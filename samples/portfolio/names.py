"""Words from which the names of made-up companies and people are built. Any likeness to a real one is chance."""

from dataclasses import dataclass


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# A company is called by one of each: 80 × 80 names before any comes twice.
BEGINNINGS = _words(
    "Amber Arbor Argent Ash Aster Auro Azur Bel Birch Bright Bruma Calder Cedar Cinder Clar Clover Cobalt "
    "Coral Corvid Crest Dale Delta Dune Eber Ecru Elder Ember Evel Fable Falcon Fenn Fern Flint Frost "
    "Gale Garnet Glen Gran Halcy Harrow Hazel Heron Holm Indi Iris Jasp Juni Kelp Kest Lark Laurel Linden "
    "Lumen Marl Mead Merid Mica Mist Mond Moss Nacre Nor Oake Ochre Opal Orris Pell Quill Ravel Reed Rime "
    "Sable Sorrel Tamar Thistle Umber Vale Verd Willow Yarrow"
)
ENDINGS = _words(
    "acre arc barn bay beck bell bend berg blick bourne brae bridge brook burn cairn cliff combe court "
    "croft crown dell den dock don dyke fall fell field flow ford forge fort foss garth gate glade grove "
    "hall ham haven heath helm hill holt horn house hurst keel keep knoll lake lane lea light lock loft "
    "marsh mere mill moor mount ness nook park path peak pier pond port quay reach ridge rock shore stead "
    "stone stow strand wick yard"
)

INDUSTRIES = {
    "Logistics": ("Logistics", "Freight", "Transport"),
    "Manufacturing": ("Works", "Engineering", "Components"),
    "Health care": ("Clinics", "Health", "Diagnostics"),
    "Education": ("Academy", "Learning", "Training"),
    "Retail": ("Stores", "Trading", "Outfitters"),
    "Food": ("Foods", "Bakeries", "Provisions"),
    "Financial services": ("Capital", "Insurance", "Payments"),
    "Media": ("Media", "Studios", "Publishing"),
    "Construction": ("Construction", "Builders", "Interiors"),
    "Energy": ("Energy", "Solar", "Utilities"),
    "Professional services": ("Partners", "Consulting", "Advisory"),
    "Software": ("Software", "Systems", "Data"),
}


@dataclass(frozen=True, slots=True)
class Country:
    name: str
    share: float  # relative
    currency: str
    locale: str
    form: str  # of a company
    given: tuple[str, ...]
    family: tuple[str, ...]


def _country(name: str, share: float, currency: str, locale: str, form: str, given: str, family: str) -> Country:
    return Country(name, share, currency, locale, form, _words(given), _words(family))


COUNTRIES = (
    _country("Germany", 16, "EUR", "de-DE", "GmbH",
             "Anke Björn Clara Dirk Emre Friederike Jonas Leyla Matthias Ute",
             "Bauer Demir Fischer Hartmann Jäger Köhler Lorenz Schäfer Vogel Zimmermann"),
    _country("France", 15, "EUR", "fr-FR", "SAS",
             "Amélie Bastien Chloé Driss Élodie Fatou Julien Margaux Nicolas Yasmine",
             "Bernard Chevalier Diallo Fontaine Garnier Haddad Lefèvre Moreau Renaud Vasseur"),
    _country("United Kingdom", 15, "GBP", "en-GB", "Ltd",
             "Aisha Callum Eleanor Gareth Harriet Imran Jasmine Morag Oliver Priya",
             "Ahmed Barlow Chaudhry Davies Ellison Fraser Harding Okafor Pritchard Whitcombe"),
    _country("United States", 14, "USD", "en-US", "Inc.",
             "Alicia Brandon Carmen Darnell Emily Hiroshi Jamal Kaitlyn Miguel Wei",
             "Alvarez Brooks Chen Delgado Freeman Goldberg Jackson Kowalski Nguyen Thornton"),
    _country("Netherlands", 8, "EUR", "nl-NL", "B.V.",
             "Bram Daan Femke Hanneke Joost Liesbeth Mohamed Roos Sander Willemijn",
             "Aydin Bakker Dekker Hoekstra Janssen Kuipers Mulder Smit Verhoeven Visser"),
    _country("Spain", 6, "EUR", "es-ES", "S.L.",
             "Álvaro Begoña Carlos Elena Íñigo Lucía Marta Nerea Pablo Rocío",
             "Aguirre Campos Domínguez Ferrer García Herrero Ibáñez Molina Navarro Serrano"),
    _country("Italy", 5, "EUR", "it-IT", "S.r.l.",
             "Alessia Bruno Chiara Davide Federica Giorgio Ilaria Lorenzo Martina Paolo",
             "Barbieri Colombo Esposito Ferraro Galli Lombardi Marchetti Rinaldi Santoro Vitale"),
    _country("Sweden", 4, "EUR", "sv-SE", "AB",
             "Agneta Björn Ebba Gustav Ingrid Johan Linnea Nils Saga Åsa",
             "Andersson Berglund Dahl Ekström Forsberg Holm Lindqvist Nyström Sjögren Åkesson"),
    _country("Poland", 4, "EUR", "pl-PL", "sp. z o.o.",
             "Agnieszka Bartosz Celina Damian Ewa Grzegorz Iwona Łukasz Magdalena Wojciech",
             "Dąbrowska Grabowski Jankowska Kaczmarek Lis Majewska Nowak Pawlak Wróbel Zając"),
    _country("Ireland", 3, "EUR", "en-IE", "Ltd",
             "Aoife Brendan Ciara Declan Eimear Fionn Gráinne Niamh Oisín Sinéad",
             "Brennan Callaghan Doyle Fitzgerald Gallagher Kavanagh Lynch Murphy Nolan Sweeney"),
    _country("Canada", 3, "USD", "en-CA", "Inc.",
             "Anjali Benoît Chantal Devon Émile Gurpreet Heather Liam Noémie Tyler",
             "Bélanger Campbell Dhaliwal Fortin Gagnon MacKenzie Patel Roy Sinclair Tremblay"),
    _country("India", 3, "USD", "en-IN", "Pvt Ltd",
             "Aarav Bhavna Deepak Farhan Ishita Kavya Meera Nikhil Rohan Sunita",
             "Banerjee Desai Gupta Iyer Joshi Khan Menon Nair Reddy Sharma"),
    _country("Nigeria", 2, "USD", "en-NG", "Ltd",
             "Adaeze Babatunde Chidi Efe Folake Ibrahim Kemi Ngozi Olumide Zainab",
             "Abubakar Adeyemi Balogun Chukwu Eze Lawal Nwosu Ogunleye Okonkwo Yusuf"),
    _country("Brazil", 2, "USD", "pt-BR", "Ltda",
             "Ana Bruno Camila Diego Fernanda Gabriel Juliana Luan Renata Thiago",
             "Almeida Barbosa Cardoso Figueiredo Gonçalves Moraes Oliveira Pereira Ramos Souza"),
)  # fmt: skip

TITLES = (
    "Head of Operations", "Project manager", "Business analyst", "IT administrator", "Finance manager",
    "Team lead", "Consultant", "Managing director", "Assistant",
)  # fmt: skip
