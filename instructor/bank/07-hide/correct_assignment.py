"""사본을 만들어 조건에 맞는 자리만 고쳐 씀"""
def hide(tokens, chance, fate, any_token, share):
    chosen = (chance < share) & ~np.isin(tokens, range(5))
    seen = tokens.copy()
    seen[chosen & (fate < 0.8)] = 4
    other = chosen & (fate >= 0.9)
    seen[other] = any_token[other]
    return seen, chosen
