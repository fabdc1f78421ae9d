"""A hall in virtual time: the real core, Desk and Hub; a disk, a net, people and screens that
misbehave by seed. See `world` for what happens and `model` for what must hold."""
