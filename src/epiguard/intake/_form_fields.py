"""The headings of returnees' forms: short ones on paper, sentences in a questionnaire."""

from __future__ import annotations

import re
from typing import Final

from epiguard.intake.columns import Field
from epiguard.registrations import RegistrationSource

__all__ = ["NEVER_KEPT", "PAPER_FIELDS", "QUESTIONNAIRE_FIELDS"]

_ADDED: Final = r"所用时间|来源详情|来自\s*IP|IP|IP地址|提交者\s*IP|总分|openid|微信昵称"
#: What a questionnaire adds of its own accord and nobody needs here: never kept. On paper 来源 is somebody's
#: answer, and may be where they come from: that is kept, and for the site file to say.
NEVER_KEPT: Final = {
    RegistrationSource.PAPER: re.compile(_ADDED, re.IGNORECASE),
    RegistrationSource.QUESTIONNAIRE: re.compile(_ADDED + "|来源", re.IGNORECASE),
}

_ANSWERS: Final = (
    Field(
        "name",
        ("姓名", "名字", "返沪人员姓名", "返程人员姓名", "登记人姓名", "name"),
        pattern=r"(?:返[沪程]人员|登记人|填表人|居民|业主)?(?:的)?(?:姓名|名字)(?:是|是什么)?",
    ),
    Field("sex", ("性别", "sex", "gender"), pattern=r"(?:的)?性别(?:是)?"),
    Field(
        "birth_date",
        ("出生日期", "出生年月日", "生日", "birthdate"),
        pattern=r"(?:的)?(?:出生日期|出生年月日?)",
    ),
    Field(
        "resident_id",
        ("身份证号", "身份证号码", "身份证", "身份证件号码", "证件号码", "证件号", "residentid", "idnumber"),
        pattern=r"(?:的)?(?:居民)?(?:身份证|证件)(?:号码?|件号码?)?(?:是|是多少)?",
    ),
    Field(
        "phone",
        (
            "手机号",
            "手机号码",
            "手机",
            "电话",
            "电话号码",
            "联系电话",
            "联系方式",
            "联系手机",
            "联系号码",
            "phone",
            "mobile",
        ),
        pattern=r"(?:的)?(?:联系)?(?:手机|电话)(?:号码?)?(?:是|是多少)?|(?:的)?联系方式",
    ),
    Field(
        "residence",
        (
            "住址",
            "地址",
            "现住址",
            "在沪住址",
            "居住地址",
            "居住地",
            "家庭住址",
            "家庭地址",
            "小区地址",
            "房号",
            "楼栋房号",
            "residence",
            "address",
        ),
        pattern=r"(?:的)?(?:目前|现在?|在沪|本市|小区)*(?:的)?(?:详细)?(?:家庭)?(?:居住|住)(?:详细)?(?:地址|住址|地|址)(?:是|是哪里)?"
        r"|住在?(?:哪里|哪一?[栋幢室])|(?:所在)?(?:楼栋|门牌|房间?)号?(?:和?室号|房号)?",
    ),
    Field("plate", ("车牌号", "车牌", "车牌号码", "plate"), pattern=r"(?:的)?(?:车辆)?车牌(?:号码?)?"),
    Field("card", ("门禁卡号", "门禁卡", "卡号", "card"), pattern=r"(?:的)?门禁卡(?:号码?)?"),
    Field(
        "returning_from",
        (
            "从何处返沪",
            "从何地返沪",
            "从哪里返沪",
            "返沪出发地",
            "返程地",
            "返回地",
            "出发地",
            "出发城市",
            "来自何地",
            "来自何处",
            "来源地",
            "何处返沪",
            "returningfrom",
        ),
        pattern=r"(?!.*(?:日期|时间|何时|哪天|是否|交通|方式|车次|航班)).*从.*[返来回].*|(?:返[沪程]|来沪|离开)(?:的)?(?:出发|来源)?(?:地|地点|城市|省市|省份|地区)",
    ),
    Field(
        "left_on",
        ("离开日期", "离开时间", "出发日期", "出发时间", "lefton"),
        pattern=r".*(?:离开|出发|启程)(?!.*(?:抵|到|返回)).*(?:日期|时间|哪天|何时)",
    ),
    Field(
        "arrived_on",
        (
            "抵沪日期",
            "抵沪时间",
            "到沪日期",
            "返沪日期",
            "返沪时间",
            "抵达日期",
            "到达日期",
            "返程日期",
            "arrivedon",
        ),
        pattern=r".*(?:抵沪|到沪|返沪|回沪|来沪|抵达|到达|返回|返程)(?!.*(?:离开|出发)).*(?:日期|时间|哪天|何时)",
    ),
)
PAPER_FIELDS: Final = (
    Field("number", ("编号", "登记编号", "表号", "序号", "number", "no")),
    Field("submitted_at", ("登记时间", "登记日期", "填表时间", "时间", "日期", "submittedat")),
    *_ANSWERS,
)
QUESTIONNAIRE_FIELDS: Final = (
    Field("number", ("序号", "编号", "number"), required=True),
    Field("submitted_at", ("提交答卷时间", "提交时间", "答卷时间", "submittedat"), required=True),
    *_ANSWERS,
)
