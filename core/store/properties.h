/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/root-folder.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_INTENT_UNKNOWN = 0,   /* values cross the wire */
  ISS_INTENT_POOL    = 1,   /* meant for every server of the pool */
  ISS_INTENT_SERVER  = 2    /* meant for this server only */
} IssIntent;

/* The mutable properties of one certificate on one server. */
typedef struct
{
  char      *friendly_name;   /* (nullable) */
  char      *description;     /* (nullable) */
  gboolean   archived;
  IssIntent  intent;
  char      *origin;          /* (nullable): "manual", "global rev N", "request" */
} IssProperties;

const char  *iss_intent_to_string    (IssIntent       intent);
IssIntent    iss_intent_from_string  (const char     *text);   /* UNKNOWN when not known */

gboolean     iss_properties_load     (IssProperties  *self,
                                      IssRootFolder  *root,
                                      const char     *sha256_hex,
                                      GError        **error);
gboolean     iss_properties_save     (const IssProperties *self,
                                      IssRootFolder  *root,
                                      const char     *sha256_hex,
                                      GError        **error);
gboolean     iss_properties_remove   (IssRootFolder  *root,
                                      const char     *sha256_hex,
                                      GError        **error);
void         iss_properties_clear    (IssProperties  *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IssProperties, iss_properties_clear)

G_END_DECLS
