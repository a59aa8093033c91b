import { describe, expect, test } from 'vitest';
import { planCoverage, planTwins, slowPlan } from '../../src/cli/experiments.ts';
import { trial, trialComparison } from '../results/trial.ts';

const names = ({ variants }: { variants: readonly { name: string }[] }) => variants.map(({ name }) => name);

describe('trials of other settings in the same file are another variant', () => {
  const slowdown = { effect: 0.03, permille: 30, groups: [] };

  test('of slow, and not counted', () => {
    expect(names(slowPlan({}, slowdown))).toEqual(['size', 'trial']);
    expect(names(slowPlan({ margin: '2%', forks: '12' }, slowdown))).toEqual(['size', 'trial 12 forks 2%']);
    const trials = [trial(['slower'], { variant: 'trial' }), trial(['slower'], { variant: 'trial 2%' })];
    expect(slowPlan({ margin: '2%' }, slowdown).report(trials).lines[0]).toMatch(/^1 runs/);
  });

  test('of aa', async () => {
    expect(names(await planTwins({ margin: '2%', forks: '6', hog: true }))).toEqual(['hog 6 forks 2%']);
    expect(names(await planTwins({ margin: '2%' }))).toEqual(['idle 2%']);
  });

  test('of coverage, and not counted', async () => {
    const plan = await planCoverage({ margin: '2%' });
    expect(names(plan)).toContain('forward 6 forks 2%');
    expect(names(await planCoverage({}))).toContain('forward 6 forks');
    const comparisons = [trialComparison()];
    const trials = [
      trial([], { variant: 'forward 6 forks', comparisons }),
      trial([], { variant: 'reverse 6 forks 2%', comparisons }),
    ];
    expect(plan.report(trials).lines[0]).toMatch(/^all: .* of 1 intervals/);
  });
});
