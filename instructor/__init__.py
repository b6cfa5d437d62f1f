"""What instructors use and students do not get: lesson sources, the bank of exercises, build and grading."""
