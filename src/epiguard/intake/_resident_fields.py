"""The headings of the register as access-control systems export it."""

from __future__ import annotations

from typing import Final

from epiguard.intake.columns import Field

__all__ = ["RESIDENT_FIELDS"]

RESIDENT_FIELDS: Final = (
    Field(
        "person_id",
        ("人员编号", "人员id", "人员号", "住户编号", "personid", "id"),
        required=True,
    ),
    Field("name", ("姓名", "名字", "人员姓名", "住户姓名", "业主姓名", "name", "personname"), required=True),
    Field("latin_name", ("英文姓名", "英文名", "拼音", "外文姓名", "latinname")),
    Field("sex", ("性别", "sex", "gender")),
    Field("birth_date", ("出生日期", "出生年月日", "生日", "birthdate", "birthday")),
    Field("document_kind", ("证件类型", "证件种类", "documentkind", "idtype")),
    Field(
        "resident_id", ("证件号码", "证件号", "身份证号", "身份证号码", "身份证", "residentid", "idnumber")
    ),
    Field("country", ("国籍", "国家", "国家地区", "country", "nationality")),
    Field(
        "phone", ("手机号码", "手机号", "手机", "电话", "电话号码", "联系电话", "联系方式", "phone", "mobile")
    ),
    Field("compound", ("小区", "小区名称", "所属小区", "compound")),
    Field("building", ("楼栋", "楼栋号", "楼号", "栋", "幢", "building")),
    Field("unit", ("单元", "单元号", "unit")),
    Field("room", ("房号", "房间号", "室号", "房间", "room")),
    Field(
        "residence", ("住址", "地址", "现住址", "居住地址", "家庭住址", "家庭地址", "residence", "address")
    ),
    Field("kind", ("人员类型", "人员类别", "居住类型", "住户类型", "kind", "type")),
    Field("landlord_name", ("房东姓名", "房东", "landlordname", "landlord")),
    Field("landlord_phone", ("房东电话", "房东手机", "房东手机号", "房东联系电话", "landlordphone")),
    Field("registered_region", ("户籍地", "户籍", "户籍所在地", "籍贯", "registeredregion")),
    Field("card", ("门禁卡号", "卡号", "门禁卡", "card", "cardno", "cardnumber")),
    Field("plate", ("车牌号", "车牌", "车牌号码", "plate", "platenumber")),
    Field("household", ("户号", "户编号", "家庭编号", "household", "householdid")),
)
