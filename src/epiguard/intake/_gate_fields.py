"""The headings of the gate's log and of the doors' log."""

from __future__ import annotations

from typing import Final

from epiguard.intake.columns import Field

__all__ = ["DOOR_FIELDS", "GATE_FIELDS"]

GATE_FIELDS: Final = (
    Field("number", ("流水号", "编号", "记录号", "序号", "number", "no")),
    Field("at", ("时间", "通行时间", "出入时间", "登记时间", "日期时间", "at", "time"), required=True),
    Field("checkpoint", ("卡口", "门岗", "道口", "岗亭", "卡点", "checkpoint", "gate"), required=True),
    Field("direction", ("方向", "进出", "出入", "进出方向", "出入方向", "direction"), required=True),
    Field("role", ("类别", "人员类别", "人员类型", "类型", "身份", "role", "kind")),
    Field("person", ("人员编号", "人员id", "住户编号", "person", "personid")),
    Field("temperature", ("体温", "测温", "温度", "体温值", "temperature")),
    Field("retested", ("复测体温", "复测", "复测温度", "二次测温", "retested")),
    Field("not_measured", ("无法测温原因", "未测温原因", "未测原因", "notmeasured")),
    Field("plate", ("车牌号", "车牌", "车牌号码", "plate")),
    Field("trunk_opened", ("开后备箱", "后备箱", "后备箱检查", "已开后备箱", "trunkopened")),
    Field("luggage_found", ("发现行李", "行李", "有无行李", "有行李", "luggagefound")),
    Field("asked", ("已询问", "询问", "是否询问", "asked")),
    Field("returnee", ("外省返程", "外省市返程", "是否外省返程", "外省返沪", "返程人员", "returnee")),
    Field("returning_from", ("返程地", "来自何处", "来源地", "出发地", "从何处返沪", "returningfrom")),
    Field("returned_on", ("抵达日期", "抵沪日期", "返沪日期", "到达日期", "returnedon")),
    Field("registered", ("已登记", "登记", "是否登记", "registered")),
    Field("exit_pass", ("出入证", "出入证号", "通行证", "通行证号", "exitpass")),
    Field("purpose", ("事由", "出入事由", "目的", "purpose")),
    Field("host", ("访问对象", "被访人", "被访人编号", "host")),
    Field("host_agreed", ("对方同意", "被访人同意", "hostagreed")),
    Field("clinic_journey", ("就诊单号", "发热门诊", "clinicjourney")),
    Field("passed", ("放行", "是否放行", "结果", "passed", "result")),
)
DOOR_FIELDS: Final = (
    Field("number", ("流水号", "事件编号", "记录号", "序号", "eventid", "number")),
    Field("at", ("时间", "刷卡时间", "事件时间", "通行时间", "eventtime", "at", "time"), required=True),
    Field(
        "checkpoint", ("门禁点", "门禁", "门", "门禁名称", "门禁点名称", "doorname", "door"), required=True
    ),
    Field("direction", ("方向", "进出", "进出方向", "出入", "inandouttype", "direction")),
    Field("person", ("人员编号", "人员id", "住户编号", "personid", "person")),
    Field("card", ("卡号", "门禁卡号", "门禁卡", "cardno", "card")),
    Field("passed", ("结果", "通行结果", "验证结果", "开门结果", "result", "passed")),
)
