/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The words that administrators know for object identifiers. */

const char  *iss_oid_name_get_purpose    (const char  *oid);   /* (nullable) */
const char  *iss_oid_name_get_extension  (const char  *oid);   /* (nullable) */
const char  *iss_oid_name_get_other      (const char  *oid);   /* (nullable) */
const char  *iss_oid_name_get_attribute  (const char  *oid);   /* (nullable): "CN" */

G_END_DECLS
