import type { Browser, Tab } from './browser.ts';
import type { World } from './world.ts';

/** What the weather has in store for a browser and one of its tabs. */
export function befall(browser: Browser, world: World, maxTabs: number): void {
  const tab = world.random.pick(browser.liveTabs);
  befallStorage(browser, world);
  if (world.weather.strikes('anotherTab') && browser.liveTabs.length < maxTabs) browser.openTab();
  if (tab) befallTab(browser, tab, world);
  if (browser.isOnline) befallMachine(browser, world);
}

function befallStorage({ name, shared }: Browser, { weather, random, trace }: World): void {
  if (weather.strikes('storageForbidden')) {
    trace.add(name, 'forbids storage');
    shared.forbidStorage();
  }
  if (weather.strikes('sharingForbidden')) {
    trace.add(name, 'forbids sharing');
    shared.forbidAll();
  }
  if (weather.strikes('storageFull')) {
    trace.add(name, 'has no room any more');
    shared.fill(random.between(0, 500));
  }
}

function befallTab(browser: Browser, tab: Tab, { weather, random, scheduler, trace }: World): void {
  const wakeAfter = (leastMs: number, mostMs: number) => {
    tab.sleep();
    scheduler.after(random.between(leastMs, mostMs), () => browser.isAsleep || tab.wake());
  };
  if (weather.strikes('clockSet')) tab.clock.set();
  if (weather.strikes('reload')) {
    browser.endTab(tab, true);
    browser.openTab(tab.tabId);
  } else if (weather.strikes('tabCrash')) {
    browser.endTab(tab, false);
  }
  if (weather.strikes('freeze')) {
    trace.add(tab.name, 'freezes');
    wakeAfter(5_000, 5 * 60_000);
  } else if (weather.strikes('pageCached')) {
    trace.add(tab.name, 'is cached');
    tab.leave();
    wakeAfter(1_000, 10 * 60_000);
  }
}

function befallMachine(browser: Browser, { weather, random, scheduler }: World): void {
  if (weather.strikes('offline')) {
    browser.goOffline();
    scheduler.after(random.between(1_000, 120_000), () => browser.goOnline());
  } else if (weather.strikes('sleep')) {
    browser.sleep();
    scheduler.after(random.between(30_000, 30 * 60_000), () => browser.wake());
  }
}
