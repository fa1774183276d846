/** Plugins of Flex's user interface: which there are, and which are released. Plain data. */

export interface PluginVersion {
  readonly sid: string;
  readonly version: string;
  readonly url: string;
}

export interface Plugin {
  readonly sid: string;
  readonly uniqueName: string;
  readonly versions: PluginVersion[];
  readonly createdAtMs: number;
}

/** A set of plugins, which never changes. */
export interface PluginConfiguration {
  readonly sid: string;
  readonly name: string;
  readonly plugins: readonly { readonly versionSid: string; readonly phase: number }[];
  readonly createdAtMs: number;
}

/** The latest one is what agents get. */
export interface PluginRelease {
  readonly sid: string;
  readonly configurationSid: string;
  readonly createdAtMs: number;
}

export interface PluginState {
  /** By SID. */
  readonly plugins: Map<string, Plugin>;
  readonly pluginConfigurations: Map<string, PluginConfiguration>;
  readonly pluginReleases: Map<string, PluginRelease>;
}
