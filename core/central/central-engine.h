/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ISS_CENTRAL_ENGINE_MAX_KEY 200                  /* bytes */
#define ISS_CENTRAL_ENGINE_MAX_VALUE (4 * 1024 * 1024)

/**
 * IssCentralEntry:
 *
 * One key that is there, and the revision of the whole store at which it got its value.
 */
typedef struct
{
  char    *key;
  guint64  revision;
} IssCentralEntry;

void       iss_central_entry_free  (IssCentralEntry  *self);

#define ISS_TYPE_CENTRAL_ENGINE (iss_central_engine_get_type ())

/* Where the central store keeps its values: bytes by key, each with a revision that only grows.
 * The calls block, and may be made from any thread. It is trusted with nothing: what counts is
 * signed, and what is secret is sealed. Signal "changed": something may be different; it may be
 * missed, so whoever waits also looks from time to time. */
G_DECLARE_INTERFACE (IssCentralEngine, iss_central_engine, ISS, CENTRAL_ENGINE, GObject)

struct _IssCentralEngineInterface
{
  GTypeInterface  parent_iface;

  GBytes    *(* get)         (IssCentralEngine  *self,
                              const char        *key,
                              guint64           *out_revision,
                              GError           **error);
  gboolean   (* put_if)      (IssCentralEngine  *self,
                              const char        *key,
                              GBytes            *value,
                              guint64            expected,
                              guint64           *out_revision,
                              GError           **error);
  GPtrArray *(* list_since)  (IssCentralEngine  *self,
                              const char        *prefix,
                              guint64            since,
                              GError           **error);
};

/* NOT_FOUND: there is no such key */
GBytes     *iss_central_engine_get         (IssCentralEngine  *self,
                                            const char        *key,
                                            guint64           *out_revision,
                                            GError           **error) G_GNUC_WARN_UNUSED_RESULT;
/* CHANGED: its revision is not the expected one; 0 = it must not be there; no value: remove it */
gboolean    iss_central_engine_put_if      (IssCentralEngine  *self,
                                            const char        *key,
                                            GBytes            *value,
                                            guint64            expected,
                                            guint64           *out_revision,
                                            GError           **error);
/* (element-type IssCentralEntry): changed after a revision, the oldest first */
GPtrArray  *iss_central_engine_list_since  (IssCentralEngine  *self,
                                            const char        *prefix,
                                            guint64            since,
                                            GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
