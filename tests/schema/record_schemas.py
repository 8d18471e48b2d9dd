"""Writes tests/corpus/schemas.jsonl: what pydantic makes of the members that test_openapi_members.c declares in C.

record_schemas.py >tests/corpus/schemas.jsonl     needs pydantic 2; the tests do not

As in FastAPI, members that are null are left out of a schema, and bytes have a media type where pydantic has a format.
"""
import enum
import json
import uuid
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal, Optional, Union

from pydantic import AnyUrl, BaseModel, ConfigDict, Field, HttpUrl, RootModel
from pydantic.json_schema import GenerateJsonSchema


class LikeFastAPI(GenerateJsonSchema):
    def bytes_schema(self, schema):
        described = {'type': 'string', 'contentMediaType': 'application/octet-stream'}
        self.update_with_validations(described, schema, self.ValidationsMapping.bytes)
        return described


class Color(enum.Enum):
    red = 'red'
    green = 'green'


class Level(enum.IntEnum):
    low = 1
    high = 2


class Mixed(enum.Enum):
    named = 'named'
    bare = 7


class Cat(BaseModel):
    kind: Literal['cat']
    lives: int


class Dog(BaseModel):
    """Barks."""
    model_config = ConfigDict(extra='forbid')
    kind: Literal['dog']
    name: str


class Pet(RootModel[Annotated[Union[Cat, Dog], Field(discriminator='kind')]]):
    pass


class The_Point(BaseModel):
    """A place."""
    model_config = ConfigDict(extra='forbid', title='The Point', json_schema_extra={'examples': [{'x': 1}]})
    x: float
    y: Optional[float] = None


class Node(BaseModel):
    value: int
    next: Optional['Node'] = None
    kids: list['Node'] = []


class Defaults(BaseModel):
    a: int = 1


class Members(BaseModel):
    flag: bool
    small: Annotated[int, Field(ge=-128, le=127)]
    byte: Annotated[int, Field(ge=0, le=255)]
    count: Annotated[int, Field(ge=0)]
    number: int
    ratio: float
    text: str
    name: Annotated[str, Field(max_length=15)]
    data: bytes
    data_64: bytes = Field(json_schema_extra={'contentEncoding': 'base64'})
    data_some: Annotated[bytes, Field(min_length=1, max_length=3)]
    day: date
    at: time
    moment: datetime
    span: timedelta
    id: uuid.UUID
    link: AnyUrl
    page: HttpUrl
    short_page: Annotated[HttpUrl, Field(min_length=10, max_length=50)]
    mail: str = Field(json_schema_extra={'format': 'email'})
    one: Literal['a']
    some: Literal['a', 'b']
    anything: Any
    anything_or_none: Optional[Any] = None
    ranged: int = Field(ge=-2, le=9, multiple_of=2)
    open_range: float = Field(gt=0, lt=1.5, multiple_of=0.25)
    pattern: str = Field(min_length=1, max_length=5, pattern='^a+$')
    int_default: int = 3
    float_default: float = 0.1
    bool_default: bool = True
    text_default: str = 'x'
    optional_int: Optional[int] = Field(None, ge=1)
    optional_text: Optional[str] = Field(None, max_length=5, description='What')
    nullable_text: Optional[str]
    nullable_int: Optional[int]
    told: str = Field(title='The Told', description='d', examples=['a', 1], deprecated=True)
    aliased: int = Field(alias='some-Alias_2x')
    under: int = Field(alias='_under_')
    color: Color
    color_or_none: Optional[Color] = None
    color_default: Color = Field(Color.green, description='x')
    level: Level
    level_default: Level = Level.high
    mixed: Mixed
    mixed_default: Mixed = Mixed.bare
    point: The_Point
    point_or_none: Optional[The_Point] = None
    point_told: The_Point = Field(title='Where', description='d', deprecated=True)
    pet: Pet
    pet_or_none: Optional[Pet] = None
    tree: Node
    defaults: Defaults
    texts: list[str]
    texts_or_empty: list[str] = []
    texts_or_none: Optional[Annotated[list[str], Field(min_length=1)]] = None
    nullable_texts: Optional[list[str]]
    limited: Annotated[list[Annotated[int, Field(ge=1, lt=5)]], Field(min_length=1, max_length=9)]
    unique: set[int]
    colors: list[Color]
    points: list[The_Point]
    values: list[Any]
    three: Annotated[list[int], Field(min_length=3, max_length=3)]
    by_key: dict[str, int]
    by_key_or_empty: dict[str, int] = {}
    points_by_key: Annotated[dict[str, The_Point], Field(min_length=1, max_length=3)]
    set: set[str]
    set_of_some: Annotated[set[int], Field(min_length=1, max_length=3)]
    listed: list[int] = [3, 1]
    by_int: dict[int, str]
    by_uuid: dict[uuid.UUID, int]
    by_moment: dict[datetime, int]
    by_any: dict[str, Any]
    pair: tuple[int, Optional[str]]
    pair_or_none: Optional[tuple[int, Optional[str]]] = None
    pairs: list[tuple[int, Optional[str]]]


def without_null(value):
    if isinstance(value, dict):
        return {key: without_null(v) for key, v in value.items() if v is not None}
    return [without_null(v) for v in value] if isinstance(value, list) else value


schema = without_null(Members.model_json_schema(ref_template='#/components/schemas/{model}', schema_generator=LikeFastAPI))
components = schema.pop('$defs')
for name, member in schema.pop('properties').items():
    print(json.dumps({'member': name, 'schema': member}, sort_keys=True))
print(json.dumps({'rest': 'Members', 'schema': schema}, sort_keys=True))
for name, component in components.items():
    print(json.dumps({'component': name, 'schema': component}, sort_keys=True))
