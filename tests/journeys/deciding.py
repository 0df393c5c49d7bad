"""x"""
class Decided: pass
