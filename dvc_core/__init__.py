"""たすき (Tasuki): the rules, store and capabilities of the disaster volunteer center, without any screen."""
