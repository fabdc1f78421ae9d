"""The acceptance scenarios of such systems (Novo SGA, The Q, ZMS, FQM, SiolaQ), played through the
API against a serving process that is a black box but for its clock, which the scenarios turn."""
