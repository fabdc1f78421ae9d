"""The people who run the floor: alarms, the reasons of their acts, and the day told in words."""
